#include "binding/address_monitor_object.h"

#include <arpa/inet.h>

#include <cstring>
#include <vector>

#include "binding/errors.h"
#include "binding/options.h"
#include "binding/rows.h"

namespace nodeplane::binding {
namespace {

/** One report at a time: while JavaScript is busy, changes gather and become one. */
constexpr uint32_t kMaxWaiting = 1;

/** For each address the number of its 32-bit words, and the words, most significant first. */
std::vector<uint32_t> rowsOf(const std::vector<host::Address>& addresses) {
  std::vector<uint32_t> rows;
  for (const host::Address& address : addresses) {
    const uint32_t count = address.family == AF_INET ? 1 : 4;
    rows.push_back(count);
    for (uint32_t i = 0; i < count; ++i) {
      uint32_t word = 0;
      std::memcpy(&word, address.bytes.data() + i * sizeof word, sizeof word);
      rows.push_back(ntohl(word));
    }
  }
  return rows;
}

}  // namespace

Napi::Function AddressMonitorObject::define(Napi::Env env) {
  return DefineClass(env, "AddressMonitor", {InstanceMethod<&AddressMonitorObject::close>("close")});
}

AddressMonitorObject::AddressMonitorObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<AddressMonitorObject>(info) {
  throwing(info.Env(), [&] {
    Thread::Options options{.name = "nodeplane-addr",
                            .network_namespace = readNamespaceOption(info[0]),
                            .max_waiting = kMaxWaiting,
                            .open = [] {
                              return [monitor = std::make_shared<host::AddressMonitor>()](
                                         const FileDescriptor& stop, const Thread::Sink& sink) {
                                monitor->run(stop, sink);
                              };
                            }};
    if (!info[1].IsFunction()) throw WrongType("onReport: must be a function");
    on_report_ = Napi::Persistent(info[1].As<Napi::Function>());
    thread_ = std::make_unique<Thread>(info.Env(), std::move(options),
                                       [this](Napi::Env env, const auto& report) { tell(env, report); });
  });
  Ref();  // an open monitor is not collected: nobody else may refer to it
}

Napi::Value AddressMonitorObject::close(const Napi::CallbackInfo& info) {
  if (thread_) Unref();
  thread_.reset();
  on_report_.Reset();
  return info.Env().Undefined();
}

void AddressMonitorObject::tell(Napi::Env env, const host::AddressReport& report) {
  if (report.failure)
    on_report_.Call({toJsError(env, report.failure).Value(), env.Undefined()});
  else
    on_report_.Call({env.Undefined(), toUint32Array(env, rowsOf(report.addresses))});
}

}  // namespace nodeplane::binding
