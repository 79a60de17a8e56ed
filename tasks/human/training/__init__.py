"""Training of people (F75–F88): learning, exams, courses as HR edits them, certificates, evidence, views.

turns      the task in the process that goes with learning and with the exam
waivers    HR excuses someone from a course
"""
