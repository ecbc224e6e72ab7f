include(Platform/Linux)
set(LINUX TRUE)
