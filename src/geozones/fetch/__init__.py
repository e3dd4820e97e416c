"""Files from public services of the network, on request: lycées, communes, road extracts."""
