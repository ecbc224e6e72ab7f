-- end: 1 the script raised a nil
-- options: --cpu 10
error()
