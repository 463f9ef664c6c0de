#pragma once

#include <napi.h>

#include <exception>
#include <stdexcept>
#include <utility>

namespace nodeplane::binding {

/** A method was called after close(). */
class ClosedError : public std::runtime_error {
 public:
  ClosedError() : std::runtime_error("closed") {}
};

/** An argument of the wrong JavaScript type; the message names it. A bad value is a std::out_of_range. */
class WrongType : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/** The JavaScript error for a C++ exception: the one place where this is decided. */
Napi::Error toJsError(Napi::Env env, const std::exception_ptr& exception);

/** Runs what a synchronous method does; whatever it throws becomes a JavaScript exception. */
template <typename Action>
auto throwing(Napi::Env env, Action action) {
  try {
    return action();
  } catch (...) {
    throw toJsError(env, std::current_exception());
  }
}

/** The same for a method that returns a promise: it never throws, it rejects. */
template <typename Action>
Napi::Value rejecting(Napi::Env env, Action action) {
  try {
    return action();
  } catch (...) {
    const auto deferred = Napi::Promise::Deferred::New(env);
    deferred.Reject(toJsError(env, std::current_exception()).Value());
    return deferred.Promise();
  }
}

}  // namespace nodeplane::binding
