#include "binding/packet_probe_object.h"

#include <cstring>
#include <vector>

#include "binding/errors.h"
#include "binding/options.h"
#include "netlink/kernel_error.h"
#include "netns/enter.h"
#include "probe/tracked_flow.h"

namespace nodeplane::binding {
namespace {

constexpr uint32_t kMostPorts = UINT16_MAX;

/** Reads an array, each entry by `read(entry, its name)`. */
template <typename Read>
auto readList(const Napi::Value& value, const std::string& name, Read read) {
  if (!value.IsArray()) throw WrongType(name + ": must be an array");
  const auto array = value.As<Napi::Array>();
  std::vector<decltype(read(value, name))> entries;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    entries.push_back(read(array.Get(i), name + "[" + std::to_string(i) + "]"));
  }
  return entries;
}

probe::InterfaceSetup readInterface(const Napi::Value& value, const std::string& name) {
  if (!value.IsObject()) throw WrongType(name + ": must be an object");
  const auto setup = value.As<Napi::Object>();
  return {.name = readText(setup.Get("name"), name + ".name"),
          .addresses = readList(setup.Get("addresses"), name + ".addresses", readText),
          .routes = readList(setup.Get("routes"), name + ".routes", readText)};
}

/** The bytes are JavaScript's: use them before it runs again. */
std::span<const uint8_t> readPacket(const Napi::Value& value) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throw WrongType("packet: must be a Uint8Array");
  }
  const auto bytes = value.As<Napi::Uint8Array>();
  return {bytes.Data(), bytes.ByteLength()};
}

probe::TrackedFlow readFlow(const Napi::Value& value) {
  if (!value.IsObject()) throw WrongType("flow: must be an object");
  const auto flow = value.As<Napi::Object>();
  const auto text = [&](const char* name) { return readText(flow.Get(name), std::string("flow.") + name); };
  const auto port = [&](const char* name) {
    return static_cast<uint16_t>(readNumber(flow.Get(name), std::string("flow.") + name, kMostPorts));
  };
  return {.protocol = static_cast<uint8_t>(readNumber(flow.Get("protocol"), "flow.protocol", UINT8_MAX)),
          .source = text("source"),
          .source_port = port("sourcePort"),
          .destination = text("destination"),
          .destination_port = port("destinationPort"),
          .endpoint = text("endpoint"),
          .endpoint_port = port("endpointPort")};
}

Napi::Object toSighting(Napi::Env env, int where, std::span<const uint8_t> packet) {
  auto bytes = Napi::Uint8Array::New(env, packet.size());
  std::memcpy(bytes.Data(), packet.data(), packet.size());
  auto sighting = Napi::Object::New(env);
  sighting.Set("interface", Napi::Number::New(env, where));
  sighting.Set("packet", bytes);
  return sighting;
}

}  // namespace

Napi::Function PacketProbeObject::define(Napi::Env env) {
  return DefineClass(env, "PacketProbe",
                     {InstanceMethod<&PacketProbeObject::inject>("inject"),
                      InstanceMethod<&PacketProbeObject::send>("send"),
                      InstanceMethod<&PacketProbeObject::collect>("collect"),
                      InstanceMethod<&PacketProbeObject::track>("track"),
                      InstanceMethod<&PacketProbeObject::isTracked>("isTracked"),
                      InstanceMethod<&PacketProbeObject::close>("close")});
}

PacketProbeObject::PacketProbeObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<PacketProbeObject>(info) {
  throwing(info.Env(), [&] {
    open_.reset(new Open{.packets = probe::Probe(readList(info[0], "interfaces", readInterface)), .conntrack = netlink::Socket()});
  });
}

Napi::Value PacketProbeObject::inject(const Napi::CallbackInfo& info) {
  return throwing(info.Env(), [&] {
    opened().packets.inject(readNumber(info[0], "interface", INT32_MAX), readPacket(info[1]));
    return info.Env().Undefined();
  });
}

Napi::Value PacketProbeObject::send(const Napi::CallbackInfo& info) {
  return throwing(info.Env(), [&]() -> Napi::Value {
    const int error = opened().packets.send(readPacket(info[0]));
    if (error == 0) return info.Env().Undefined();
    return Napi::String::New(info.Env(), KernelError("", error).code());
  });
}

Napi::Value PacketProbeObject::collect(const Napi::CallbackInfo& info) {
  return throwing(info.Env(), [&] {
    auto sightings = Napi::Array::New(info.Env());
    opened().packets.collect([&](int where, std::span<const uint8_t> packet) {
      const Napi::HandleScope scope(info.Env());
      sightings.Set(sightings.Length(), toSighting(info.Env(), where, packet));
    });
    return sightings;
  });
}

Napi::Value PacketProbeObject::track(const Napi::CallbackInfo& info) {
  return throwing(info.Env(), [&] {
    probe::insertFlow(opened().conntrack, readFlow(info[0]));
    return info.Env().Undefined();
  });
}

Napi::Value PacketProbeObject::isTracked(const Napi::CallbackInfo& info) {
  return throwing(info.Env(), [&] {
    return Napi::Boolean::New(info.Env(), probe::hasFlow(opened().conntrack, readFlow(info[0])));
  });
}

Napi::Value PacketProbeObject::close(const Napi::CallbackInfo& info) {
  open_.reset();
  return info.Env().Undefined();
}

PacketProbeObject::Open& PacketProbeObject::opened() {
  if (!open_) throw ClosedError();
  return *open_;
}

Napi::Function enterNewNetworkNamespace(Napi::Env env) {
  return Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
    return throwing(info.Env(), [&] {
      netns::enterNew();
      return info.Env().Undefined();
    });
  }, "enterNewNetworkNamespace");
}

}  // namespace nodeplane::binding
