/*
 * Makes one call of git or of the engine fail as a disk or a kernel would. Loaded with LD_PRELOAD into real processes, it
 * stands between them and libc: everything above it is what people run, and every file is a real one.
 *
 * Counted, over all processes together, are calls that open, write, sync, make, move or remove something of the repository
 * under INJECT_ROOT (the engine: below .git and .autoresearch only), and calls that start a process.
 *
 *   INJECT_STATE  a file of 16 bytes: how many calls there were; whether one was made to fail
 *   INJECT_AT     the number of the call, from 1; 0 only counts
 *   INJECT_MODE   once, lasting (all that write, from then on), torn, kill (the process), delay
 *   INJECT_LOG    gets a line for the call that failed, or for each where none is to
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum kind { READS, OPENS, WRITES, SYNCS, CHANGES, STARTS };
enum { FDS = 4096 };

static struct { _Atomic unsigned long count, failed; } *state;
static const char *root, *mode, *log_file;
static size_t root_length;
static unsigned long at;
static int is_git, is_engine;
static char ours[FDS];
static _Thread_local int torn_fd = -1;

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("INJECT_STATE");
  root = getenv("INJECT_ROOT");
  is_git = strcmp(program_invocation_short_name, "git") == 0;
  is_engine = strcmp(program_invocation_short_name, "node") == 0;
  if (!file || !root || !(is_git || is_engine)) return;
  root_length = strlen(root);
  mode = getenv("INJECT_MODE") ? getenv("INJECT_MODE") : "once";
  log_file = getenv("INJECT_LOG");
  at = getenv("INJECT_AT") ? strtoul(getenv("INJECT_AT"), NULL, 10) : 0;
  int fd = REAL(open)(file, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *map = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  REAL(close)(fd);
  if (map != MAP_FAILED) state = map;
}

static int is_ours(int dir, const char *path) {
  if (!state || !path) return 0;
  if (path[0] != '/') return is_git || (dir >= 0 && dir < FDS && ours[dir]);
  if (strncmp(path, root, root_length) != 0 || (path[root_length] != '/' && path[root_length] != 0)) return 0;
  return is_git || strstr(path, "/.git") || strstr(path, "/.autoresearch");
}

static void note(unsigned long number, const char *call, const char *path, const char *what) {
  char line[PATH_MAX + 200];
  int length = snprintf(line, sizeof line, "%lu %s %s %s %s\n", number, program_invocation_short_name, call, what, path);
  int fd = REAL(open)(log_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd < 0) return;
  ssize_t ignored = REAL(write)(fd, line, (size_t)length);
  (void)ignored;
  REAL(close)(fd);
}

/* The number of the error this call is to fail with; 0 to go on, -1 for a torn write. */
static int fault(enum kind kind, const char *call, const char *path) {
  static const int errors[][4] = {
    [READS] = { EIO, EMFILE, EIO, EMFILE },     [OPENS] = { ENOSPC, EROFS, EMFILE, EIO }, [WRITES] = { ENOSPC, EIO, ENOSPC, EDQUOT },
    [SYNCS] = { EIO, EIO, ENOSPC, EIO },        [CHANGES] = { EROFS, ENOSPC, EIO, EROFS }, [STARTS] = { EAGAIN, EAGAIN, ENOMEM, EAGAIN },
  };
  if (!state) return 0;
  unsigned long number = atomic_fetch_add(&state->count, 1) + 1;
  if (at == 0) {
    if (log_file) note(number, call, path, "-");
    return 0;
  }
  int lasting = strcmp(mode, "lasting") == 0;
  if (number != at && !(lasting && number > at && kind != READS && kind != STARTS)) return 0;
  int error = lasting ? ENOSPC : errors[kind][number % 4];
  if (number == at) {
    atomic_store(&state->failed, 1);
    if (log_file) note(number, call, path, strcmp(mode, "once") == 0 ? strerrorname_np(error) : mode);
  }
  if (strcmp(mode, "kill") == 0) raise(SIGKILL);
  if (strcmp(mode, "delay") == 0) return usleep(300000), 0;
  if (strcmp(mode, "torn") == 0 && kind == WRITES) return -1;
  return error;
}

static int fails(enum kind kind, const char *call, const char *path) {
  int error = fault(kind, call, path);
  if (error <= 0) return 0;
  errno = error;
  return 1;
}

static void remember(int fd, int is) {
  if (fd >= 0 && fd < FDS) ours[fd] = (char)is;
}

static int opened(int fd) { return remember(fd, fd >= 0), fd; }

static enum kind kind_of(int flags) { return (flags & O_ACCMODE) == O_RDONLY && !(flags & O_CREAT) ? READS : OPENS; }

#define MODE_OF(flags) \
  mode_t permissions = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { va_list list; va_start(list, flags); permissions = va_arg(list, mode_t); va_end(list); }

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    MODE_OF(flags) \
    if (!is_ours(-1, path)) return REAL(name)(path, flags, permissions); \
    return fails(kind_of(flags), "open", path) ? -1 : opened(REAL(name)(path, flags, permissions)); \
  }
#define OPENAT(name) \
  int name(int dir, const char *path, int flags, ...) { \
    MODE_OF(flags) \
    if (!is_ours(dir, path)) return REAL(name)(dir, path, flags, permissions); \
    return fails(kind_of(flags), "openat", path) ? -1 : opened(REAL(name)(dir, path, flags, permissions)); \
  }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int __open_2(const char *path, int flags) { return open(path, flags); }
int __open64_2(const char *path, int flags) { return open64(path, flags); }

FILE *fopen(const char *path, const char *how) {
  if (is_ours(-1, path) && fails(how[0] == 'r' ? READS : OPENS, "fopen", path)) return NULL;
  return REAL(fopen)(path, how);
}
FILE *fopen64(const char *path, const char *how) {
  if (is_ours(-1, path) && fails(how[0] == 'r' ? READS : OPENS, "fopen", path)) return NULL;
  return REAL(fopen64)(path, how);
}

int close(int fd) {
  remember(fd, 0);
  return REAL(close)(fd);
}

/* A file: libuv closes some past libc, and its number may then be that of a pipe. */
static int is_ours_fd(int fd) {
  struct stat status;
  return state && fd >= 0 && fd < FDS && ours[fd] && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/* A torn write takes a part, and the disk is full when the rest is written. */
static ssize_t written(int fd, const char *call, size_t length, size_t *part) {
  *part = length;
  if (!is_ours_fd(fd)) return 0;
  if (torn_fd == fd) return torn_fd = -1, errno = ENOSPC, -1;
  int error = fault(WRITES, call, "");
  if (error == -1) {
    torn_fd = fd;
    *part = length > 1 ? length / 2 : length;
  } else if (error) return errno = error, -1;
  return 0;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  size_t part;
  return written(fd, "write", length, &part) < 0 ? -1 : REAL(write)(fd, bytes, part);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  size_t part;
  return written(fd, "pwrite", length, &part) < 0 ? -1 : REAL(pwrite)(fd, bytes, part, offset);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  size_t part;
  return written(fd, "pwrite", length, &part) < 0 ? -1 : REAL(pwrite64)(fd, bytes, part, offset);
}

#define BY_FD(name, kind, parameters, arguments) \
  int name parameters { return is_ours_fd(fd) && fails(kind, #name, "") ? -1 : REAL(name) arguments; }
BY_FD(fsync, SYNCS, (int fd), (fd))
BY_FD(fdatasync, SYNCS, (int fd), (fd))
BY_FD(ftruncate, CHANGES, (int fd, off_t length), (fd, length))
BY_FD(ftruncate64, CHANGES, (int fd, off64_t length), (fd, length))

#define BY_PATH(name, path, parameters, arguments) \
  int name parameters { return is_ours(-1, path) && fails(CHANGES, #name, path) ? -1 : REAL(name) arguments; }
BY_PATH(mkdir, path, (const char *path, mode_t permissions), (path, permissions))
BY_PATH(rmdir, path, (const char *path), (path))
BY_PATH(unlink, path, (const char *path), (path))
BY_PATH(rename, to, (const char *from, const char *to), (from, to))
BY_PATH(link, to, (const char *from, const char *to), (from, to))
BY_PATH(symlink, at_path, (const char *target, const char *at_path), (target, at_path))
BY_PATH(chmod, path, (const char *path, mode_t permissions), (path, permissions))

int unlinkat(int dir, const char *path, int flags) {
  return is_ours(dir, path) && fails(CHANGES, "unlinkat", path) ? -1 : REAL(unlinkat)(dir, path, flags);
}
DIR *opendir(const char *path) { return is_ours(-1, path) && fails(READS, "opendir", path) ? NULL : REAL(opendir)(path); }

pid_t fork(void) { return state && fails(STARTS, "fork", "") ? -1 : REAL(fork)(); }
