// Preloaded into fairleadd: a name service that takes two seconds and knows nobody.
#include <pwd.h>
#include <stddef.h>
#include <unistd.h>

int getpwuid_r(uid_t user, struct passwd *entry, char *buffer, size_t length, struct passwd **result) {
  (void)user, (void)entry, (void)buffer, (void)length;
  sleep(2);
  *result = NULL;
  return 0;
}
