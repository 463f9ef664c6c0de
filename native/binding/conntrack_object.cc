#include "binding/conntrack_object.h"

#include <sys/socket.h>

#include <utility>
#include <vector>

#include "binding/errors.h"
#include "binding/options.h"
#include "binding/rows.h"
#include "conntrack/cleanup.h"
#include "conntrack/rules.h"

namespace nodeplane::binding {
namespace {

Napi::Value toJsResult(Napi::Env env, const conntrack::CleanupResult& result) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("seen", Napi::Number::New(env, static_cast<double>(result.seen)));
  object.Set("deleted", Napi::Number::New(env, static_cast<double>(result.deleted)));
  return object;
}

}  // namespace

Napi::Function ConntrackObject::define(Napi::Env env) {
  return DefineClass(env, "ConntrackTable",
                     {
                         InstanceMethod<&ConntrackObject::deleteStale>("deleteStale"),
                         InstanceMethod<&ConntrackObject::close>("close"),
                     });
}

ConntrackObject::ConntrackObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ConntrackObject>(info) {
  throwing(info.Env(), [&] {
    const ConntrackOptions options = readConntrackOptions(info[0]);
    family_ = options.family;
    worker_ = std::make_unique<Worker>(
        info.Env(), Worker::Options{.name = "nodeplane-ct",
                                    .network_namespace = options.network_namespace,
                                    .open = [](Worker::Closing closing) {
                                      return std::unique_ptr<Tools>(new Tools{std::move(closing)});
                                    }});
  });
}

Napi::Value ConntrackObject::deleteStale(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    if (!worker_) throw ClosedError();
    const auto rows = readRows(info[0]);
    auto copy = std::make_shared<const std::vector<uint32_t>>(rows.begin(), rows.end());
    return worker_->call(info.Env(), *this,
                         [family = family_, words = std::move(copy)](Tools& tools) -> Worker::Result {
                           const conntrack::Rules rules(*words, family == AF_INET ? 1 : 4);
                           const auto result = conntrack::deleteStale(family, rules, tools.closing);
                           return [result](Napi::Env env) { return toJsResult(env, result); };
                         });
  });
}

Napi::Value ConntrackObject::close(const Napi::CallbackInfo& info) {
  worker_.reset();
  return info.Env().Undefined();
}

}  // namespace nodeplane::binding
