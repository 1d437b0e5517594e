/* An empty module, so that the usual build tools compile the sources of decoding into a file beside the Python code.
   It is opened with ctypes, not imported. */
#include <Python.h>

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_scan", NULL, 0, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__scan(void) { return PyModuleDef_Init(&definition); }
