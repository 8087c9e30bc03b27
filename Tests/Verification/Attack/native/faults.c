// Preloaded into fairleadd: makes chosen calls on the ledger's files fail.
//
// FAULT_CALL   open, pread, pwrite, fdatasync (fsync too), ftruncate, mmap, fcntl (locks), fstat
// FAULT_FILE   db, wal, shm, or any: which files; the database is r.db
// FAULT_FIRST  the first matching call that fails, from 1
// FAULT_TIMES  how many fail from there; -1: all
// FAULT_ERROR  an errno; 0: half of a pread or pwrite is done; -1: the process dies by SIGKILL before the call
// FAULT_COUNT  a file that is mapped as two longs: matching calls, calls that failed
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DESCRIPTORS = 1 << 16, NONE = 0 };

static char file_of[DESCRIPTORS];
static const char *call_name = "", *file_name = "any";
static long first = 0, times = 1;
static int error_number = EIO;
static atomic_long *counts = NULL;

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int ends_with(const char *text, const char *end) {
  size_t length = strlen(text), tail = strlen(end);
  return length >= tail && strcmp(text + length - tail, end) == 0;
}

static char kind_of(const char *path) {
  if (ends_with(path, "/r.db")) return 'd';
  if (ends_with(path, "/r.db-wal")) return 'w';
  if (ends_with(path, "/r.db-shm")) return 's';
  return NONE;
}

static long number(const char *name, long otherwise) {
  const char *text = getenv(name);
  return text ? atol(text) : otherwise;
}

__attribute__((constructor)) static void read_orders(void) {
  const char *path = getenv("FAULT_COUNT");
  if (!path || !getenv("FAULT_CALL")) return;
  call_name = strdup(getenv("FAULT_CALL"));
  if (getenv("FAULT_FILE")) file_name = strdup(getenv("FAULT_FILE"));
  first = number("FAULT_FIRST", 0);
  times = number("FAULT_TIMES", 1);
  error_number = (int)number("FAULT_ERROR", EIO);
  // Past the functions below, which would look for orders that are not read yet.
  int descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT, 0600);
  if (descriptor < 0) return;
  if (syscall(SYS_ftruncate, descriptor, 2 * sizeof(long)) == 0) {
    void *place = NEXT(mmap)(NULL, 2 * sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (place != MAP_FAILED) counts = place;
  }
  syscall(SYS_close, descriptor);
}

// Whether this call is to fail.
static int fails(const char *call, char kind) {
  if (!counts || kind == NONE || strcmp(call, call_name) != 0) return 0;
  if (strcmp(file_name, "any") != 0 && file_name[0] != kind) return 0;
  long count = atomic_fetch_add(&counts[0], 1) + 1;
  if (first <= 0 || count < first || (times >= 0 && count >= first + times)) return 0;
  atomic_fetch_add(&counts[1], 1);
  if (error_number == -1) kill(getpid(), SIGKILL);
  return 1;
}

static char kind_of_descriptor(int descriptor) {
  return descriptor >= 0 && descriptor < DESCRIPTORS ? file_of[descriptor] : NONE;
}

#define OPEN(name)                                                         \
  int name(const char *path, int flags, ...) {                             \
    mode_t mode = 0;                                                       \
    if (flags & (O_CREAT | __O_TMPFILE)) {                                 \
      va_list list;                                                        \
      va_start(list, flags);                                               \
      mode = va_arg(list, mode_t);                                         \
      va_end(list);                                                        \
    }                                                                      \
    char kind = kind_of(path);                                             \
    if (fails("open", kind)) { errno = error_number; return -1; }          \
    int descriptor = NEXT(name)(path, flags, mode);                        \
    if (descriptor >= 0 && descriptor < DESCRIPTORS) file_of[descriptor] = kind; \
    return descriptor;                                                     \
  }
OPEN(open)
OPEN(open64)

int close(int descriptor) {
  if (descriptor >= 0 && descriptor < DESCRIPTORS) file_of[descriptor] = NONE;
  return NEXT(close)(descriptor);
}

#define TRANSFER(name, call, pointer)                                      \
  ssize_t name(int descriptor, pointer bytes, size_t length, off_t at) {   \
    if (fails(call, kind_of_descriptor(descriptor))) {                     \
      if (error_number != 0) { errno = error_number; return -1; }          \
      return length > 1 ? NEXT(name)(descriptor, bytes, length / 2, at) : 0; \
    }                                                                      \
    return NEXT(name)(descriptor, bytes, length, at);                      \
  }
TRANSFER(pread, "pread", void *)
TRANSFER(pread64, "pread", void *)
TRANSFER(pwrite, "pwrite", const void *)
TRANSFER(pwrite64, "pwrite", const void *)

#define ON_DESCRIPTOR(name, call, failed, parameters, arguments, result)   \
  result name parameters {                                                 \
    if (fails(call, kind_of_descriptor(descriptor))) { errno = error_number; return failed; } \
    return NEXT(name) arguments;                                           \
  }
ON_DESCRIPTOR(fsync, "fdatasync", -1, (int descriptor), (descriptor), int)
ON_DESCRIPTOR(fdatasync, "fdatasync", -1, (int descriptor), (descriptor), int)
ON_DESCRIPTOR(ftruncate, "ftruncate", -1, (int descriptor, off_t length), (descriptor, length), int)
ON_DESCRIPTOR(ftruncate64, "ftruncate", -1, (int descriptor, off64_t length), (descriptor, length), int)
ON_DESCRIPTOR(fstat, "fstat", -1, (int descriptor, struct stat *found), (descriptor, found), int)
ON_DESCRIPTOR(fstat64, "fstat", -1, (int descriptor, struct stat64 *found), (descriptor, found), int)
ON_DESCRIPTOR(mmap, "mmap", MAP_FAILED, (void *place, size_t length, int protection, int flags, int descriptor, off_t at),
              (place, length, protection, flags, descriptor, at), void *)
ON_DESCRIPTOR(mmap64, "mmap", MAP_FAILED, (void *place, size_t length, int protection, int flags, int descriptor, off64_t at),
              (place, length, protection, flags, descriptor, at), void *)

#define CONTROL(name)                                                      \
  int name(int descriptor, int command, ...) {                             \
    va_list list;                                                          \
    va_start(list, command);                                               \
    void *argument = va_arg(list, void *);                                 \
    va_end(list);                                                          \
    if ((command == F_SETLK || command == F_GETLK) && fails("fcntl", kind_of_descriptor(descriptor))) { \
      errno = error_number;                                                \
      return -1;                                                           \
    }                                                                      \
    return NEXT(name)(descriptor, command, argument);                      \
  }
CONTROL(fcntl)
CONTROL(fcntl64)
