-- end: 1 lua:2: 
x x
