export const USAGE = `nodeplane: the service proxy of a Kubernetes node

usage: nodeplane run --manifests DIR [options]    forward Services to their endpoints
       nodeplane lab [--once]                     show it at work in network namespaces of its own
       nodeplane bench [NAME] [options]           measure it: rule updates, the way from the API server, any daemon from outside
       nodeplane conformance [options]            put this kernel to the test with real packets
       nodeplane apiserver [options]              run the embedded API server of the lab and the tests
       nodeplane probe [--json]                   tell what this kernel can do for each mode, and what is missing
       nodeplane cleanup [options]                remove all of nodeplane from the kernel

options of run
  --kubeconfig FILE          follow the API server of this file; without it and --master, that of the pod we run in
  --master URL               address of the API server, overrides the one in the kubeconfig
  --manifests DIR            no API server: read Services, EndpointSlices and Nodes from the files of a folder, and follow them
  --hostname-override NAME   name of this node, as EndpointSlices name it (default: the host name)
  --detect-local-mode MODE   how pods of this node are told from others: ClusterCIDR (default), NodeCIDR,
                             BridgeInterface, InterfaceNamePrefix
  --cluster-cidr CIDR[,CIDR] source addresses that are pods; other traffic to cluster IPs is masqueraded
  --pod-bridge-interface NAME, --pod-interface-name-prefix PREFIX
                             the interface, or the beginning of its name, that pods of this node are behind
  --masquerade-all           masquerade all traffic to cluster IPs
  --nodeport-addresses LIST  ranges of this node's addresses that accept node ports, or "primary" (default)
  --bind-address ADDRESS     takes the place of the node's primary address of its family
  --proxy-mode MODE          nftables (default) or ebpf
  --bpf-cgroup DIR           mode ebpf: serve the sockets of this cgroup's processes (default: of all)
  --network-namespace NAME   program this named network namespace instead of the process's own
  -v LEVEL                   0 to 1: changes of state; 2 and above: each update (default: 0)

options of cleanup
  --network-namespace NAME   as above

options of apiserver
  --listen ADDRESS:PORT      default: 127.0.0.1:8001
  --state FILE               keep the objects in this file
  --kubeconfig-out FILE      write a kubeconfig for kubectl and nodeplane

\`nodeplane bench --help\` and \`nodeplane conformance --help\` print the options of these.
`;
