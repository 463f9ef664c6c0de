#pragma once

#include <napi.h>

#include <cstdint>
#include <span>
#include <vector>

namespace nodeplane::binding {

/**
 * The words of a Uint32Array argument called "rows". They are JavaScript's: use them before it runs again.
 */
std::span<const uint32_t> readRows(const Napi::Value& value);

Napi::Value toUint32Array(Napi::Env env, const std::vector<uint32_t>& words);

}  // namespace nodeplane::binding
