"""SCORM packages: what they are made of, how they are unpacked, who may play one, what comes back of it."""
