#pragma once

#include <napi.h>

#include <memory>

#include "netlink/socket.h"
#include "probe/probe.h"

namespace nodeplane::binding {

/**
 * JavaScript's PacketProbe. All its work is done on the JavaScript thread: each call takes some microseconds, and the
 * process that uses it lives in the namespace itself.
 */
class PacketProbeObject : public Napi::ObjectWrap<PacketProbeObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit PacketProbeObject(const Napi::CallbackInfo& info);

 private:
  struct Open {
    probe::Probe packets;
    netlink::Socket conntrack;
  };

  Napi::Value inject(const Napi::CallbackInfo& info);
  Napi::Value send(const Napi::CallbackInfo& info);
  Napi::Value collect(const Napi::CallbackInfo& info);
  Napi::Value track(const Napi::CallbackInfo& info);
  Napi::Value isTracked(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  Open& opened();

  /** Nothing after close(). */
  std::unique_ptr<Open> open_;
};

/** The function that moves the JavaScript thread, and with it the process, into a network namespace of its own. */
Napi::Function enterNewNetworkNamespace(Napi::Env env);

}  // namespace nodeplane::binding
