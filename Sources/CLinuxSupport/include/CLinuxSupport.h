// Functions of glibc that are declared only under _GNU_SOURCE, which Swift's Glibc module is built without. Declared here, they
// are called like any other function: no symbol is looked up by name at run time, which would not work in the command, which is
// linked statically.

#ifndef CLINUXSUPPORT_H
#define CLINUXSUPPORT_H

#include <linux/stat.h>
#include <spawn.h>

// pipe(2): the flags are set before anybody else can fork.
int pipe2(int ends[2], int flags);

// statx(2), from glibc 2.28 and Linux 4.11 on.
int statx(int folder, const char *restrict path, int flags, unsigned int mask, struct statx *restrict status);

// memfd_create(2).
int memfd_create(const char *name, unsigned int flags);

// posix_spawn_file_actions_addclosefrom_np(3), from glibc 2.34 on.
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

// posix_spawn_file_actions_addchdir_np(3), from glibc 2.29 on.
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *restrict actions, const char *restrict path);

#endif
