#include <napi.h>

#include "binding/address_monitor_object.h"
#include "binding/conntrack_object.h"
#include "binding/ebpf_features_function.h"
#include "binding/ebpf_object.h"
#include "binding/listen_function.h"
#include "binding/monitor_object.h"
#include "binding/packet_probe_object.h"
#include "binding/table_object.h"

namespace nodeplane::binding {
namespace {

/** Goes up with every change of what JavaScript sees; src/native/addon.ts has the same number. */
constexpr uint32_t kAbi = 6;

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("abi", Napi::Number::New(env, kAbi));
  exports.Set("NftablesTable", TableObject::define(env));
  exports.Set("NftablesMonitor", MonitorObject::define(env));
  exports.Set("AddressMonitor", AddressMonitorObject::define(env));
  exports.Set("ConntrackTable", ConntrackObject::define(env));
  exports.Set("EbpfTable", EbpfObject::define(env));
  exports.Set("probeEbpf", Napi::Function::New<probeEbpf>(env, "probeEbpf"));
  exports.Set("PacketProbe", PacketProbeObject::define(env));
  exports.Set("enterNewNetworkNamespace", enterNewNetworkNamespace(env));
  exports.Set("listenIn", Napi::Function::New<listenIn>(env, "listenIn"));
  return exports;
}

}  // namespace

NODE_API_MODULE(nodeplane, initialize)

}  // namespace nodeplane::binding
