export const USAGE = `nodeplane: the service proxy of a Kubernetes node

usage: nodeplane run --manifests DIR [options]    forward Services to their endpoints
       nodeplane lab [--once]                     show it at work in network namespaces of its own
       nodeplane bench update [options]           measure the latency of rule updates
       nodeplane cleanup [options]                remove all of nodeplane's rules from the kernel

options of run
  --manifests DIR            read Services, EndpointSlices and Nodes from the files of this folder, and follow them
  --hostname-override NAME   name of this node, as EndpointSlices name it (default: the host name)
  --cluster-cidr CIDR[,CIDR] source addresses that are pods; other traffic to cluster IPs is masqueraded
  --proxy-mode MODE          nftables (the only one so far)
  --network-namespace NAME   program this named network namespace instead of the process's own
  -v LEVEL                   0 to 1: changes of state; 2 and above: each update (default: 0)

options of cleanup
  --network-namespace NAME   as above

\`nodeplane bench --help\` prints the options of bench.
`;
