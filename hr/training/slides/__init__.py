"""Videos of slides: a lesson says what stands on each and what is spoken to it; pictures, film and captions are made of
that on the machine, so that no film lies in the repository.
"""
