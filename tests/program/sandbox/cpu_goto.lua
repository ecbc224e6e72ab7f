-- end: 124 computes more than it may
::again:: goto again
