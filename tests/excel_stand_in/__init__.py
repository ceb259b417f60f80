"""A stand-in for Excel on Windows beneath the real xlwings code, for tests on any machine.

``windows_modules`` lets the real ``xlwings._xlwindows`` and ``xlwings.udfs`` be imported; ``object_model`` answers what they
then ask of Excel. It does what Excel's documentation says, as far as our code needs it, and refuses every member that it
does not know, so that a test cannot pass on something that nobody thought about. It is not Excel: what holds here has still
to be seen there.
"""
