-- end: 1 the script raised a function
error(print)
