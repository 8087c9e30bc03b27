"""What the attacks share: daemons, connections, other people's processes, disks, and a checker of the ledger's file."""
