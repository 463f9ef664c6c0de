#pragma once

#include <napi.h>

#include <memory>

#include "binding/table_thread.h"
#include "nftables/layout.h"

namespace nodeplane::binding {

/** JavaScript's NftablesTable: commits on the JavaScript thread, and everything slower on a thread of its
 * own. */
class TableObject : public Napi::ObjectWrap<TableObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit TableObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value commit(const Napi::CallbackInfo& info);
  Napi::Value commitInBackground(const Napi::CallbackInfo& info);
  Napi::Value runScript(const Napi::CallbackInfo& info);
  Napi::Value read(const Napi::CallbackInfo& info);
  Napi::Value exists(const Napi::CallbackInfo& info);
  Napi::Value drop(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  TableThread& openThread();
  uint32_t readSetNumber(const Napi::Value& value) const;
  Napi::Value inBackground(Napi::Env env, TableThread::Work work);

  std::shared_ptr<const nftables::TableLayout> table_;
  /** Nothing after close(). */
  std::unique_ptr<TableThread> thread_;
};

}  // namespace nodeplane::binding
