"""What our headers, and those of others, cost who includes them; and how large the objects are."""
from tables import markdown


def _headers(measured):
    rows = [[f"`{row['header']}`", f"{row['lines']:,}", f"{row['syntax'] * 1e3:.0f} ms",
             f"{row['compile'] * 1e3:.0f} ms", f"{row['text']:,}"] for row in measured]
    return f"""## Headers

Lines after preprocessing; time of `-fsyntax-only` of a file that includes nothing else, and of `-O2 -c` of the least
use, medians; bytes of code of that use, which is a pair of calls where there is one.

{markdown(["", "lines", "syntax only", "least use", "bytes of code"], *rows)}"""


def _sizes(measured):
    rows = [[f"`{name}`", str(size)] for name, size in measured.items()]
    return f"## Sizes\n\n`sizeof`. What an object allocates besides is not in it.\n\n{markdown(['', 'bytes'], *rows)}"


def sections(run):
    return [section(measured) for measured, section in ((run.sizes, _sizes), (run.headers, _headers)) if measured]
