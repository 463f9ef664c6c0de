{
  "targets": [
    {
      "target_name": "nodeplane",
      "type": "none",
      "actions": [
        {
          "action_name": "cmake-js",
          "message": "native/CMakeLists.txt describes the build",
          "inputs": ["native/CMakeLists.txt"],
          "outputs": ["build/native/Release/nodeplane.node"],
          "action": ["npx", "cmake-js", "compile", "-d", "native", "-O", "build/native"]
        }
      ]
    }
  ]
}
