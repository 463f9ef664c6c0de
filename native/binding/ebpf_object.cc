#include "binding/ebpf_object.h"

#include <sys/socket.h>

#include <string>
#include <utility>
#include <vector>

#include "binding/ebpf_options.h"
#include "binding/errors.h"
#include "binding/options.h"
#include "binding/rows.h"
#include "conntrack/rules.h"
#include "ebpf/row_layout.h"

namespace nodeplane::binding {
namespace {

/** Some 500 slots, half a millisecond: the longest that a commit may hold up the JavaScript thread. */
constexpr size_t kMaxForegroundWords = 4096;

using Words = std::shared_ptr<const std::vector<uint32_t>>;

/** The caller may change its rows as soon as the call returns. */
Words copyRows(const Napi::Value& value) {
  const auto rows = readRows(value);
  return std::make_shared<const std::vector<uint32_t>>(rows.begin(), rows.end());
}

auto returning(bool value) {
  return [value](Napi::Env env) -> Napi::Value { return Napi::Boolean::New(env, value); };
}

}  // namespace

Napi::Function EbpfObject::define(Napi::Env env) {
  return DefineClass(env, "EbpfTable",
                     {
                         InstanceMethod<&EbpfObject::exists>("exists"),
                         InstanceMethod<&EbpfObject::load>("load"),
                         InstanceMethod<&EbpfObject::prepare>("prepare"),
                         InstanceMethod<&EbpfObject::commit>("commit"),
                         InstanceMethod<&EbpfObject::commitInBackground>("commitInBackground"),
                         InstanceMethod<&EbpfObject::read>("read"),
                         InstanceMethod<&EbpfObject::drop>("drop"),
                         InstanceMethod<&EbpfObject::deleteStale>("deleteStale"),
                         InstanceMethod<&EbpfObject::track>("track"),
                         InstanceMethod<&EbpfObject::isTracked>("isTracked"),
                         InstanceMethod<&EbpfObject::programs>("programs"),
                         InstanceMethod<&EbpfObject::run>("run"),
                         InstanceMethod<&EbpfObject::close>("close"),
                     });
}

EbpfObject::EbpfObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<EbpfObject>(info) {
  throwing(info.Env(), [&] {
    EbpfOptions options = readEbpfOptions(info[0]);
    family_ = options.table.family;
    table_ = std::make_shared<ebpf::Table>(std::move(options.table));
    worker_ = std::make_unique<Worker>(
        info.Env(), Worker::Options{.name = "nodeplane-ebpf",
                                    .network_namespace = options.network_namespace,
                                    .open = [table = table_](Worker::Closing closing) {
                                      return std::unique_ptr<Tools>(new Tools{table, std::move(closing)});
                                    }});
  });
}

Napi::Value EbpfObject::exists(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    return inBackground(info.Env(), [](Tools& tools) { return returning(tools.table->exists()); });
  });
}

Napi::Value EbpfObject::load(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    return inBackground(info.Env(), [](Tools& tools) -> Worker::Result {
      tools.table->load();
      return [](Napi::Env env) { return env.Undefined(); };
    });
  });
}

Napi::Value EbpfObject::prepare(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    return inBackground(info.Env(), [rows = copyRows(info[0]), pods = readPodInterface(info[1])](
                                        Tools& tools) { return returning(tools.table->prepare(*rows, pods)); });
  });
}

Napi::Value EbpfObject::commit(const Napi::CallbackInfo& info) {
  throwing(info.Env(), [&] {
    ebpf::Table& table = openTable();
    const auto rows = readRows(info[0]);
    if (rows.size() > kMaxForegroundWords) {
      throw std::out_of_range("rows: " + std::to_string(rows.size()) +
                              " words are too many for commit, which takes " +
                              std::to_string(kMaxForegroundWords) + "; use commitInBackground");
    }
    table.commit(rows);
  });
  return info.Env().Undefined();
}

Napi::Value EbpfObject::commitInBackground(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    return inBackground(info.Env(), [rows = copyRows(info[0])](Tools& tools) -> Worker::Result {
      tools.table->commit(*rows);
      return [](Napi::Env env) { return env.Undefined(); };
    });
  });
}

Napi::Value EbpfObject::read(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    return inBackground(info.Env(), [](Tools& tools) -> Worker::Result {
      auto rows = std::make_shared<const std::vector<uint32_t>>(tools.table->read());
      return [rows](Napi::Env env) { return toUint32Array(env, *rows); };
    });
  });
}

Napi::Value EbpfObject::drop(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    return inBackground(info.Env(), [](Tools& tools) { return returning(tools.table->drop()); });
  });
}

Napi::Value EbpfObject::deleteStale(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    return inBackground(
        info.Env(), [family = family_, words = copyRows(info[0])](Tools& tools) -> Worker::Result {
          const conntrack::Rules rules(*words, ebpf::addressWords(family));
          const auto result = tools.table->deleteStale(rules, tools.closing);
          return [result](Napi::Env env) -> Napi::Value {
            Napi::Object object = Napi::Object::New(env);
            object.Set("seen", Napi::Number::New(env, static_cast<double>(result.seen)));
            object.Set("deleted", Napi::Number::New(env, static_cast<double>(result.deleted)));
            return object;
          };
        });
  });
}

Napi::Value EbpfObject::track(const Napi::CallbackInfo& info) {
  throwing(info.Env(), [&] { openTable().track(readRows(info[0])); });
  return info.Env().Undefined();
}

Napi::Value EbpfObject::isTracked(const Napi::CallbackInfo& info) {
  return throwing(info.Env(), [&]() -> Napi::Value {
    return Napi::Boolean::New(info.Env(), openTable().isTracked(readRows(info[0])));
  });
}

Napi::Value EbpfObject::programs(const Napi::CallbackInfo& info) {
  return throwing(info.Env(), [&]() -> Napi::Value {
    const auto facts = openTable().programs();
    auto array = Napi::Array::New(info.Env(), facts.size());
    for (uint32_t i = 0; i < facts.size(); ++i) {
      Napi::Object object = Napi::Object::New(info.Env());
      object.Set("name", Napi::String::New(info.Env(), facts[i].name));
      object.Set("instructions", Napi::Number::New(info.Env(), facts[i].instructions));
      object.Set("verified", Napi::Number::New(info.Env(), facts[i].verified));
      array.Set(i, object);
    }
    return array;
  });
}

Napi::Value EbpfObject::run(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    return inBackground(info.Env(), [program = readText(info[0], "program"),
                                     trial = readTrial(info[1])](Tools& tools) -> Worker::Result {
      auto result = std::make_shared<const ebpf::TrialResult>(tools.table->run(program, trial));
      return [result](Napi::Env env) -> Napi::Value {
        Napi::Object object = Napi::Object::New(env);
        object.Set("verdict", Napi::Number::New(env, result->verdict));
        object.Set("frame", Napi::Buffer<uint8_t>::Copy(env, result->frame.data(), result->frame.size()));
        return object;
      };
    });
  });
}

Napi::Value EbpfObject::close(const Napi::CallbackInfo& info) {
  worker_.reset();
  return info.Env().Undefined();
}

ebpf::Table& EbpfObject::openTable() {
  if (!worker_) throw ClosedError();
  return *table_;
}

Napi::Value EbpfObject::inBackground(Napi::Env env, Worker::Work work) {
  openTable();
  return worker_->call(env, *this, std::move(work));
}

}  // namespace nodeplane::binding
