/* An empty module, so that the usual build tools compile ring.c into a file beside the Python code. It is opened with
   ctypes, not imported: that way the search needs nothing of Python and runs without its lock. */
#include <Python.h>

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_ring", NULL, 0, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__ring(void) { return PyModuleDef_Init(&definition); }
