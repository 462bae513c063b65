/* events LOG: writes what the kernel's process connector reports about all processes of the machine into LOG,
 * as lines `fork PARENT PID NANOSECONDS` and `exit PID NANOSECONDS` of CLOCK_MONOTONIC, until its standard
 * input ends. Exits with 77 if it may not listen, which needs CAP_NET_ADMIN and the machine's own namespaces,
 * and with 96 if the kernel has dropped events. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static int listen_to_kernel(void) {
  const int fd = socket(PF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR);
  const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC};
  if (fd < 0 || bind(fd, (const struct sockaddr*)&address, sizeof address) != 0) return -1;
  const int room = 16 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);

  enum proc_cn_mcast_op wish = PROC_CN_MCAST_LISTEN;
  struct cn_msg message = {.id = {CN_IDX_PROC, CN_VAL_PROC}, .len = sizeof wish};
  struct nlmsghdr head = {.nlmsg_len = NLMSG_LENGTH(sizeof message + sizeof wish),
                          .nlmsg_type = NLMSG_DONE};
  struct iovec parts[] = {{&head, sizeof head}, {&message, sizeof message}, {&wish, sizeof wish}};
  return writev(fd, parts, 3) == (ssize_t)head.nlmsg_len ? fd : -1;
}

/* Skips threads, which are reported like processes. */
static void tell(FILE* log, const struct proc_event* event) {
  const long long at = (long long)event->timestamp_ns;
  if (event->what == PROC_EVENT_FORK) {
    if (event->event_data.fork.child_pid != event->event_data.fork.child_tgid) return;
    fprintf(log, "fork %d %d %lld\n", event->event_data.fork.parent_tgid,
            event->event_data.fork.child_pid, at);
  } else if (event->what == PROC_EVENT_EXIT) {
    if (event->event_data.exit.process_pid != event->event_data.exit.process_tgid) return;
    fprintf(log, "exit %d %lld\n", event->event_data.exit.process_pid, at);
  }
}

/* The kernel's first message says whether we may listen. */
static int is_refusal(const struct proc_event* event) {
  return event->what == PROC_EVENT_NONE && event->event_data.ack.err != 0;
}

int main(int argc, char** argv) {
  const int kernel = listen_to_kernel();
  FILE* log = argc > 1 ? fopen(argv[1], "w") : NULL;
  if (kernel < 0) return 77;
  if (log == NULL) return 98;
  struct pollfd inputs[] = {{.fd = kernel, .events = POLLIN},
                            {.fd = STDIN_FILENO, .events = POLLIN}};
  for (;;) {
    if (poll(inputs, 2, -1) < 0) return 97;
    const int nothing_left = (inputs[0].revents & POLLIN) == 0;
    if (nothing_left) return 0; /* and the input has ended */
    char buffer[4096] __attribute__((aligned(NLMSG_ALIGNTO)));
    if (recv(kernel, buffer, sizeof buffer, 0) < 0) return errno == ENOBUFS ? 96 : 97;
    const struct cn_msg* message = NLMSG_DATA((struct nlmsghdr*)buffer);
    struct proc_event event;
    memcpy(&event, message->data, sizeof event);
    if (is_refusal(&event)) return 77;
    tell(log, &event);
    fflush(log);
  }
}
