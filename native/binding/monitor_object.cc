#include "binding/monitor_object.h"

#include "binding/errors.h"
#include "binding/monitor_event.h"
#include "binding/options.h"
#include "nftables/monitor.h"

namespace nodeplane::binding {
namespace {

/** Events that JavaScript may be behind. */
constexpr uint32_t kMaxWaiting = 64;

}  // namespace

Napi::Function MonitorObject::define(Napi::Env env) {
  return DefineClass(env, "NftablesMonitor", {InstanceMethod<&MonitorObject::close>("close")});
}

MonitorObject::MonitorObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<MonitorObject>(info) {
  throwing(info.Env(), [&] {
    const MonitorOptions options = readMonitorOptions(info[0]);
    const auto open = [ports = options.ignored_ports]() -> Thread::Listen {
      return [monitor = std::make_shared<nftables::Monitor>(ports)](
                 const FileDescriptor& stop, const Thread::Sink& sink) { monitor->run(stop, sink); };
    };
    if (!info[1].IsFunction()) throw WrongType("onEvent: must be a function");
    on_event_ = Napi::Persistent(info[1].As<Napi::Function>());
    thread_ = std::make_unique<Thread>(info.Env(),
                                       Thread::Options{.name = "nodeplane-mon",
                                                       .network_namespace = options.network_namespace,
                                                       .max_waiting = kMaxWaiting,
                                                       .open = open},
                                       [this](Napi::Env env, const auto& event) { tell(env, event); });
  });
  Ref();  // an open monitor is not collected: nobody else may refer to it
}

Napi::Value MonitorObject::close(const Napi::CallbackInfo& info) {
  if (thread_) Unref();
  thread_.reset();
  on_event_.Reset();
  return info.Env().Undefined();
}

void MonitorObject::tell(Napi::Env env, const nftables::MonitorEvent& event) {
  on_event_.Call({toJsEvent(env, event)});
}

}  // namespace nodeplane::binding
