#include "binding/monitor_thread.h"

#include <sys/eventfd.h>

#include <cerrno>
#include <utility>

#include "netlink/kernel_error.h"
#include "netns/enter.h"

namespace nodeplane::binding {
namespace {

/** Events that JavaScript may be behind. */
constexpr uint32_t kMaxWaiting = 64;

}  // namespace

MonitorThread::MonitorThread(Napi::Env env, const MonitorOptions& options, Listener listener) {
  shared_->listener = std::move(listener);
  thread_ =
      JsThread::start(env, {.setup = [shared = shared_, options] { shared->open(options); },
                            .loop =
                                [shared = shared_](JsThread& thread) {
                                  shared->monitor->run(shared->stop_event, [&](nftables::MonitorEvent event) {
                                    shared->hand(thread, std::move(event));
                                  });
                                  shared->monitor.reset();
                                },
                            .requestStop = [shared = shared_] { shared->stop(); }});
}

MonitorThread::Shared::Shared() : stop_event(::eventfd(0, EFD_CLOEXEC)) {
  if (!stop_event) throw KernelError("nodeplane: cannot make an eventfd", errno);
}

void MonitorThread::Shared::open(const MonitorOptions& options) {
  if (options.network_namespace) netns::enter(*options.network_namespace);
  monitor = std::make_unique<nftables::Monitor>(options.ignored_ports);
}

/** On the monitor's thread. */
void MonitorThread::Shared::hand(JsThread& thread, nftables::MonitorEvent event) {
  std::unique_lock lock(mutex);
  taken.wait(lock, [this] { return stopping || waiting < kMaxWaiting; });
  if (stopping) return;
  ++waiting;
  thread.post([this, event = std::move(event)](Napi::Env env) { tell(env, event); });
}

/** On the JavaScript thread. Nothing is told any more once it asked to stop. */
void MonitorThread::Shared::tell(Napi::Env env, const nftables::MonitorEvent& event) {
  {
    const std::lock_guard lock(mutex);
    --waiting;
    taken.notify_one();
    if (stopping) return;
  }
  listener(env, event);
}

void MonitorThread::Shared::stop() {
  const std::lock_guard lock(mutex);
  stopping = true;
  taken.notify_one();
  ::eventfd_write(stop_event.get(), 1);
}

}  // namespace nodeplane::binding
