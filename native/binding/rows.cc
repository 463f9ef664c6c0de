#include "binding/rows.h"

#include <algorithm>

#include "binding/errors.h"

namespace nodeplane::binding {

std::span<const uint32_t> readRows(const Napi::Value& value) {
  if (!value.IsTypedArray()) throw WrongType("rows: must be a Uint32Array");
  napi_typedarray_type type{};
  size_t length = 0;
  void* data = nullptr;
  napi_value buffer = nullptr;
  if (napi_get_typedarray_info(value.Env(), value, &type, &length, &data, &buffer, nullptr) != napi_ok ||
      type != napi_uint32_array) {
    throw WrongType("rows: must be a Uint32Array");
  }
  const Napi::Value memory(value.Env(), buffer);
  // Another thread could change shared memory while it is read.
  if (!memory.IsArrayBuffer()) throw WrongType("rows: must not be in shared memory");
  if (memory.As<Napi::ArrayBuffer>().IsDetached()) throw WrongType("rows: their buffer is detached");
  return {static_cast<const uint32_t*>(data), length};
}

Napi::Value toUint32Array(Napi::Env env, const std::vector<uint32_t>& words) {
  auto array = Napi::Uint32Array::New(env, words.size());
  std::copy(words.begin(), words.end(), array.Data());
  return array;
}

}  // namespace nodeplane::binding
