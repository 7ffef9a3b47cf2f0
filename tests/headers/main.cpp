// tests/headers/main.cpp: the rest of this program is one generated source for each header.
int main() {}
