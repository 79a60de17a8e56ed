"""The signing room: where an agreement is read and signed, by the signer and nobody else (F62–F74).

visitors   who is asking, and which signature of an agreement is theirs
visits     a browser that came in by link and code, without a login
codes      one-time codes to the phone or mail on file
room       everything that the page shows; pictures of the very document that is signed
reading    which pages were before the signer's eyes, for how long
signing    consent, signature, decline, the company's seal, withdrawal
lists      one code for the seals of many
abandoned  agreements whose process is over
turns      the task in the process that goes with a signature
"""
