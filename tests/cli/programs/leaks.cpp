// What is allocated and never freed.
int main() {
  int* volatile kept = new int(0);
  return *kept;
}
