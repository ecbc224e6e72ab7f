-- end: 1 the script raised a nil
error()
