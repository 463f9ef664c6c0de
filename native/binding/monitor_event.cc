#include "binding/monitor_event.h"

#include <linux/netfilter.h>

#include <string>

namespace nodeplane::binding {
namespace {

using nftables::Change;
using nftables::Object;

std::string familyName(uint8_t family) {
  switch (family) {
    case NFPROTO_IPV4: return "IPv4";
    case NFPROTO_IPV6: return "IPv6";
    case NFPROTO_INET: return "inet";
    case NFPROTO_ARP: return "arp";
    case NFPROTO_BRIDGE: return "bridge";
    case NFPROTO_NETDEV: return "netdev";
    default: return std::to_string(family);
  }
}

const char* objectName(Object object) {
  switch (object) {
    case Object::Table: return "table";
    case Object::Chain: return "chain";
    case Object::Rule: return "rule";
    case Object::Set: return "set";
    case Object::Element: return "element";
    case Object::Other: break;
  }
  return "other";
}

Napi::Object toJsChange(Napi::Env env, const Change& change) {
  Napi::Object result = Napi::Object::New(env);
  result.Set("verb", change.deleted ? "delete" : "new");
  result.Set("object", objectName(change.object));
  result.Set("family", familyName(change.family));
  result.Set("table", change.table);
  if (!change.name.empty()) result.Set("name", change.name);
  result.Set("count", Napi::Number::New(env, change.count));
  return result;
}

}  // namespace

Napi::Object toJsEvent(Napi::Env env, const nftables::MonitorEvent& event) {
  Napi::Object result = Napi::Object::New(env);
  result.Set("overrun", event.overrun);
  if (event.overrun) return result;
  Napi::Array changes = Napi::Array::New(env, event.changes.size());
  for (uint32_t i = 0; i < event.changes.size(); ++i) changes.Set(i, toJsChange(env, event.changes[i]));
  result.Set("generation", Napi::Number::New(env, event.generation));
  result.Set("processId", Napi::Number::New(env, event.process_id));
  result.Set("processName", event.process_name);
  result.Set("changes", changes);
  result.Set("truncated", event.truncated);
  return result;
}

}  // namespace nodeplane::binding
