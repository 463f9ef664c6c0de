#pragma once

#include <napi.h>

#include "nftables/transaction_reader.h"

namespace nodeplane::binding {

/** The event as JavaScript sees it; src/native/addon.ts has its type. */
Napi::Object toJsEvent(Napi::Env env, const nftables::MonitorEvent& event);

}  // namespace nodeplane::binding
