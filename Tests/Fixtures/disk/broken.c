/* A disk that breaks, for a program that is started with this in LD_PRELOAD: what it writes and syncs goes through here.
 *
 * While the file $BROKEN_DISK exists, a sync fails as on a broken disk, and after the first that did writes fail too: what
 * was written before it stays written. Without the file the disk is well.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int has_failed;

static int is_broken(void) {
  int saved = errno;
  const char *path = getenv("BROKEN_DISK");
  int broken = path != NULL && access(path, F_OK) == 0;
  errno = saved;
  if (!broken) has_failed = 0;
  return broken;
}

static int fail(void) {
  errno = EIO;
  return -1;
}

static int sync_through(const char *name, int descriptor) {
  int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  if (!is_broken()) return next(descriptor);
  has_failed = 1;
  return fail();
}

int fsync(int descriptor) { return sync_through("fsync", descriptor); }

int fdatasync(int descriptor) { return sync_through("fdatasync", descriptor); }

static ssize_t write_through(const char *name, int descriptor, const void *bytes, size_t count, off64_t offset) {
  ssize_t (*next)(int, const void *, size_t, off64_t) =
      (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, name);
  if (is_broken() && has_failed) return fail();
  return next(descriptor, bytes, count, offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  return write_through("pwrite", descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
  return write_through("pwrite64", descriptor, bytes, count, offset);
}
