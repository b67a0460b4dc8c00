// Stands between a program and its files (LD_PRELOAD): lets calls fail as a full or broken disk would, and stops a
// program at the moment it opens a certain file, until the test has changed it.
//
//   DISK_FAILS_BELOW   directories, separated by colons: calls on what lies below one, or on it, fail
//   DISK_CALLS         which: words out of "create mkdir write sync rename unlink read list", separated by commas
//   DISK_ERROR         with this errno; -1: instead of the call, the process is killed
//   DISK_FAILS_FROM    from the n-th such call on; counted over all processes in DISK_COUNTER, a file
//   STOP_AT            a file: whoever opens it for the STOP_TIME-th time waits
//   STOP_FOLDER        where `opened.N` appears at the n-th opening, and where `go` ends the waiting
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define NEXT(type, name) ((type)dlsym(RTLD_NEXT, name))

static int exists(const char* path) {
  return syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
}

// The absolute path of `name` in `directory`; empty when it cannot be told.
static void locate(int directory, const char* name, char* out, size_t size) {
  out[0] = 0;
  if (name != NULL && name[0] == '/') {
    snprintf(out, size, "%s", name);
    return;
  }
  char link[64];
  char base[PATH_MAX];
  if (directory == AT_FDCWD) {
    snprintf(link, sizeof link, "/proc/self/cwd");
  } else {
    snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
  }
  const ssize_t length = readlink(link, base, sizeof base - 1);
  if (length < 0) return;
  base[length] = 0;
  while (name != NULL && strncmp(name, "./", 2) == 0) name += 2;
  if (name == NULL || strcmp(name, ".") == 0) {
    snprintf(out, size, "%s", base);
  } else {
    snprintf(out, size, "%.2000s/%.2000s", base, name);
  }
}

static int is_below(const char* path, const char* folders) {
  while (*folders != 0) {
    const size_t length = strcspn(folders, ":");
    if (strncmp(path, folders, length) == 0 && (path[length] == '/' || path[length] == 0)) return 1;
    folders += length + (folders[length] == ':');
  }
  return 0;
}

// Whether this call is one that has to fail; sets errno then.
static int fails(const char* call, int directory, const char* name) {
  const char* folder = getenv("DISK_FAILS_BELOW");
  const char* calls = getenv("DISK_CALLS");
  if (folder == NULL || calls == NULL) return 0;
  const char* found = strstr(calls, call);
  if (found == NULL) return 0;
  const int kept = errno;
  char path[2 * PATH_MAX];
  locate(directory, name, path, sizeof path);
  errno = kept;
  if (!is_below(path, folder)) return 0;
  // One byte for each call so far.
  const int counter = (int)syscall(SYS_openat, AT_FDCWD, getenv("DISK_COUNTER"), O_WRONLY | O_CREAT | O_APPEND, 0600);
  long number = 0;
  if (counter >= 0) {
    syscall(SYS_write, counter, ".", 1);
    number = lseek(counter, 0, SEEK_CUR);
    close(counter);
  }
  errno = kept;
  if (number < atol(getenv("DISK_FAILS_FROM"))) return 0;
  errno = atoi(getenv("DISK_ERROR"));
  if (errno == -1) syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
  return 1;
}

static void stop_if_asked(int directory, const char* name) {
  const char* wanted = getenv("STOP_AT");
  const char* folder = getenv("STOP_FOLDER");
  if (wanted == NULL || folder == NULL || name == NULL) return;
  const int kept = errno;
  char path[2 * PATH_MAX];
  locate(directory, name, path, sizeof path);
  const long stop_time = strcmp(path, wanted) == 0 ? atol(getenv("STOP_TIME")) : 0;
  char file[PATH_MAX];
  for (long number = 1; stop_time > 0 && number <= stop_time; ++number) {
    snprintf(file, sizeof file, "%s/opened.%ld", folder, number);
    const int mark = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (mark < 0) continue;
    close(mark);
    snprintf(file, sizeof file, "%s/go", folder);
    const struct timespec pause = {0, 2 * 1000 * 1000};
    while (number == stop_time && !exists(file)) nanosleep(&pause, NULL);
    break;
  }
  errno = kept;
}

static int open_at(const char* function, int directory, const char* name, int flags, mode_t mode) {
  stop_if_asked(directory, name);
  if ((flags & O_CREAT) != 0 && fails("create", directory, name)) return -1;
  return NEXT(int (*)(int, const char*, int, ...), function)(directory, name, flags, mode);
}

#define MODE_OF(flags)                        \
  mode_t mode = 0;                            \
  if (((flags) & (O_CREAT | O_TMPFILE)) != 0) { \
    va_list more;                             \
    va_start(more, flags);                    \
    mode = va_arg(more, mode_t);              \
    va_end(more);                             \
  }

int open(const char* name, int flags, ...) {
  MODE_OF(flags)
  return open_at("openat", AT_FDCWD, name, flags, mode);
}
int open64(const char* name, int flags, ...) {
  MODE_OF(flags)
  return open_at("openat64", AT_FDCWD, name, flags, mode);
}
int openat(int directory, const char* name, int flags, ...) {
  MODE_OF(flags)
  return open_at("openat", directory, name, flags, mode);
}
int openat64(int directory, const char* name, int flags, ...) {
  MODE_OF(flags)
  return open_at("openat64", directory, name, flags, mode);
}
FILE* fopen64(const char* name, const char* mode) {
  stop_if_asked(AT_FDCWD, name);
  return NEXT(FILE * (*)(const char*, const char*), "fopen64")(name, mode);
}

ssize_t write(int file, const void* bytes, size_t size) {
  if (fails("write", file, NULL)) return -1;
  return NEXT(ssize_t(*)(int, const void*, size_t), "write")(file, bytes, size);
}
ssize_t writev(int file, const struct iovec* parts, int count) {
  if (fails("write", file, NULL)) return -1;
  return NEXT(ssize_t(*)(int, const struct iovec*, int), "writev")(file, parts, count);
}
ssize_t read(int file, void* bytes, size_t size) {
  if (fails("read", file, NULL)) return -1;
  return NEXT(ssize_t(*)(int, void*, size_t), "read")(file, bytes, size);
}
ssize_t pread(int file, void* bytes, size_t size, off_t offset) {
  if (fails("read", file, NULL)) return -1;
  return NEXT(ssize_t(*)(int, void*, size_t, off_t), "pread")(file, bytes, size, offset);
}
ssize_t pread64(int file, void* bytes, size_t size, off64_t offset) {
  if (fails("read", file, NULL)) return -1;
  return NEXT(ssize_t(*)(int, void*, size_t, off64_t), "pread64")(file, bytes, size, offset);
}
int fsync(int file) {
  if (fails("sync", file, NULL)) return -1;
  return NEXT(int (*)(int), "fsync")(file);
}
int fdatasync(int file) {
  if (fails("sync", file, NULL)) return -1;
  return NEXT(int (*)(int), "fdatasync")(file);
}
int mkdir(const char* name, mode_t mode) {
  if (fails("mkdir", AT_FDCWD, name)) return -1;
  return NEXT(int (*)(const char*, mode_t), "mkdir")(name, mode);
}
int mkdirat(int directory, const char* name, mode_t mode) {
  if (fails("mkdir", directory, name)) return -1;
  return NEXT(int (*)(int, const char*, mode_t), "mkdirat")(directory, name, mode);
}
int rename(const char* from, const char* to) {
  if (fails("rename", AT_FDCWD, to)) return -1;
  return NEXT(int (*)(const char*, const char*), "rename")(from, to);
}
int renameat(int from_directory, const char* from, int to_directory, const char* to) {
  if (fails("rename", to_directory, to)) return -1;
  return NEXT(int (*)(int, const char*, int, const char*), "renameat")(from_directory, from, to_directory, to);
}
int linkat(int from_directory, const char* from, int to_directory, const char* to, int flags) {
  if (fails("rename", to_directory, to)) return -1;
  return NEXT(int (*)(int, const char*, int, const char*, int), "linkat")(from_directory, from, to_directory, to, flags);
}
int unlinkat(int directory, const char* name, int flags) {
  if (fails("unlink", directory, name)) return -1;
  return NEXT(int (*)(int, const char*, int), "unlinkat")(directory, name, flags);
}
DIR* fdopendir(int directory) {
  if (fails("list", directory, NULL)) return NULL;
  return NEXT(DIR * (*)(int), "fdopendir")(directory);
}
