-- end: 1 the script raised a function
-- options: --cpu 10
error(print)
