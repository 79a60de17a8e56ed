"""Training of people (F75–F88): learning, exams, courses as HR edits them, certificates, evidence, views.

learning    a lesson opened, its heartbeats, answers, its end: the learner's own alone
shelf       what a learner sees of courses and lessons
turns       the task in the process that goes with learning and with the exam
waivers     HR excuses someone from a course
abandoned   trainings whose process is over
certify     the certificate for its person and for HR, and what a stranger is told of it
evidence    packages that prove a person's or a course's training
views       completion for HR: counts, months, trainings
team        a manager's people
assigning   HR gives a course to people by hand
forwarding  statements are sent on to a learning record store
"""
