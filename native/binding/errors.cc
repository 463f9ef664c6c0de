#include "binding/errors.h"

#include "netlink/kernel_error.h"

namespace nodeplane::binding {
namespace {

Napi::Error withCode(Napi::Error error, const std::string& code) {
  error.Set("code", Napi::String::New(error.Env(), code));
  return error;
}

Napi::Error fromKernel(Napi::Env env, const KernelError& error) {
  Napi::Error result = withCode(Napi::Error::New(env, error.what()), error.code());
  result.Set("errno", Napi::Number::New(env, error.number()));
  result.Set("row", Napi::Number::New(env, static_cast<double>(error.row())));
  return result;
}

}  // namespace

Napi::Error toJsError(Napi::Env env, const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const Napi::Error& error) {
    return error;  // thrown by JavaScript, such as a getter of an options object
  } catch (const KernelError& error) {
    return fromKernel(env, error);
  } catch (const ClosedError& error) {
    return withCode(Napi::Error::New(env, error.what()), "ERR_CLOSED");
  } catch (const WrongType& error) {
    return Napi::TypeError::New(env, error.what());
  } catch (const std::out_of_range& error) {
    return Napi::RangeError::New(env, error.what());
  } catch (const std::exception& error) {
    return Napi::Error::New(env, error.what());
  } catch (...) {
    return Napi::Error::New(env, "nodeplane: unknown native error");
  }
}

}  // namespace nodeplane::binding
