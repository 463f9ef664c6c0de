#include "binding/table_object.h"

#include <string>
#include <utility>
#include <vector>

#include "binding/errors.h"
#include "binding/options.h"
#include "binding/rows.h"
#include "nftables/dump.h"
#include "nftables/table_requests.h"

namespace nodeplane::binding {
namespace {

/** Some 500 slots, 1 ms: the longest that a commit may hold up the JavaScript thread. */
constexpr size_t kMaxForegroundWords = 4096;

Napi::Value toArray(Napi::Env env, const std::vector<uint32_t>& numbers) {
  auto array = Napi::Array::New(env, numbers.size());
  for (uint32_t i = 0; i < numbers.size(); ++i) array.Set(i, Napi::Number::New(env, numbers[i]));
  array.Freeze();
  return array;
}

TableThread::Result returning(bool value) {
  return [value](Napi::Env env) -> Napi::Value { return Napi::Boolean::New(env, value); };
}

}  // namespace

Napi::Function TableObject::define(Napi::Env env) {
  return DefineClass(env, "NftablesTable",
                     {
                         InstanceMethod<&TableObject::commit>("commit"),
                         InstanceMethod<&TableObject::commitInBackground>("commitInBackground"),
                         InstanceMethod<&TableObject::runScript>("runScript"),
                         InstanceMethod<&TableObject::read>("read"),
                         InstanceMethod<&TableObject::exists>("exists"),
                         InstanceMethod<&TableObject::drop>("drop"),
                         InstanceMethod<&TableObject::close>("close"),
                     });
}

TableObject::TableObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<TableObject>(info) {
  throwing(info.Env(), [&] {
    const TableOptions options = readTableOptions(info[0]);
    table_ = options.table;
    thread_ = std::make_unique<TableThread>(info.Env(), options);
    // A property of its own and no getter: a getter can be called on any object, whatever that wraps.
    const auto ports = toArray(info.Env(), thread_->ports());
    Value().DefineProperty(Napi::PropertyDescriptor::Value("portIds", ports, napi_enumerable));
  });
}

Napi::Value TableObject::commit(const Napi::CallbackInfo& info) {
  throwing(info.Env(), [&] {
    TableThread& thread = openThread();
    const auto rows = readRows(info[0]);
    if (rows.size() > kMaxForegroundWords) {
      throw std::out_of_range("rows: " + std::to_string(rows.size()) +
                              " words are too many for commit, which takes " +
                              std::to_string(kMaxForegroundWords) + "; use commitInBackground");
    }
    thread.foreground().commit(rows);
  });
  return info.Env().Undefined();
}

Napi::Value TableObject::commitInBackground(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    openThread();
    const auto rows = readRows(info[0]);
    auto copy = std::make_shared<const std::vector<uint32_t>>(rows.begin(), rows.end());
    return inBackground(info.Env(),
                        [rows = std::move(copy)](TableThread::Tools& tools) -> TableThread::Result {
                          tools.transaction.commit(*rows);
                          return [](Napi::Env env) { return env.Undefined(); };
                        });
  });
}

Napi::Value TableObject::runScript(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    std::string script = readText(info[0], "script");
    return inBackground(
        info.Env(), [script = std::move(script)](TableThread::Tools& tools) -> TableThread::Result {
          return
              [output = tools.scripts.run(script)](Napi::Env env) { return Napi::String::New(env, output); };
        });
  });
}

Napi::Value TableObject::read(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    const auto set = static_cast<uint16_t>(readSetNumber(info[0]));
    return inBackground(info.Env(), [table = table_, set](TableThread::Tools& tools) -> TableThread::Result {
      auto rows =
          std::make_shared<const std::vector<uint32_t>>(nftables::readSet(*table, set, tools.closing));
      return [rows](Napi::Env env) { return toUint32Array(env, *rows); };
    });
  });
}

Napi::Value TableObject::exists(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    return inBackground(info.Env(), [table = table_](TableThread::Tools& tools) {
      return returning(nftables::tableExists(tools.transaction.socket(), *table));
    });
  });
}

Napi::Value TableObject::drop(const Napi::CallbackInfo& info) {
  return rejecting(info.Env(), [&] {
    return inBackground(info.Env(),
                        [](TableThread::Tools& tools) { return returning(tools.transaction.dropTable()); });
  });
}

Napi::Value TableObject::close(const Napi::CallbackInfo& info) {
  thread_.reset();
  return info.Env().Undefined();
}

TableThread& TableObject::openThread() {
  if (!thread_) throw ClosedError();
  return *thread_;
}

uint32_t TableObject::readSetNumber(const Napi::Value& value) const {
  const uint32_t set = readNumber(value, "set", UINT32_MAX);
  if (set < table_->sets.size()) return set;
  throw std::out_of_range("set: there is no set " + std::to_string(set) + ", the table has " +
                          std::to_string(table_->sets.size()));
}

Napi::Value TableObject::inBackground(Napi::Env env, TableThread::Work work) {
  return openThread().worker().call(env, *this, std::move(work));
}

}  // namespace nodeplane::binding
