// Keeps signals away from the threads that compute. Compiled into tfjs-node's addon.
//
// oneDNN's generated matrix products in float32 use the stack pointer for their workspace on the heap (up to 3.11.1; TensorFlow
// 2.21 has 3.7.3: https://github.com/uxlfoundation/oneDNN/issues/4845). A signal handler that runs on such a thread meanwhile
// writes its frame over what lies below: a Ctrl-C could end a training with a corrupt heap instead of a checkpoint.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace {

// Those that a thread brings on itself by what it does; the others are the process's, and any thread can take them.
constexpr int own[] = {SIGABRT, SIGBUS,  SIGFPE,  SIGILL,  SIGSEGV, SIGSYS,
                       SIGTRAP, SIGPIPE, SIGTTIN, SIGTTOU, SIGXFSZ};

// libuv's handlers only write into a pipe, whichever thread they run on: JavaScript hears of the signal in its own thread.
void* take_signals(void*) {
  while (true) pause();
}

// V8's profiler interrupts the very thread that runs JavaScript, with a handler that takes another stack where there is one.
void allow_profiler(sigset_t* blocked) {
  static char stack[64 * 1024];
  stack_t current;
  if (sigaltstack(nullptr, &current) != 0) return;
  const stack_t other = {stack, 0, sizeof stack};
  if ((current.ss_flags & SS_DISABLE) && sigaltstack(&other, nullptr) != 0) return;
  sigdelset(blocked, SIGPROF);
}

// Runs as the addon is first loaded, before TensorFlow starts its threads: they inherit what is blocked here, and so do worker
// threads that Node starts from here on. Children started by Node do not, since libuv gives them an empty mask.
__attribute__((constructor)) void spare_computing_threads() {
  pthread_t taker;
  if (pthread_create(&taker, nullptr, take_signals, nullptr) != 0) return;
  pthread_setname_np(taker, "signals");
  pthread_detach(taker);
  sigset_t blocked;
  sigfillset(&blocked);
  for (const int signal : own) sigdelset(&blocked, signal);
  allow_profiler(&blocked);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
}

}  // namespace
