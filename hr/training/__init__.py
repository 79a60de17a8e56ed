"""Training: courses, learning that is counted by the server, exams, certificates, and the evidence of all that."""
