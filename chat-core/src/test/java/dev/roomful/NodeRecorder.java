package dev.roomful;

import java.util.List;

/** The handler of one node of a cluster, which writes down the joins and leaves that it sees. */
class NodeRecorder implements RoomHandler {
  private final int node;
  private final List<String> calls;

  NodeRecorder(int node, List<String> calls) {
    this.node = node;
    this.calls = calls;
  }

  @Override
  public void onJoin(Room room, Participant participant) {
    calls.add("node " + node + ": " + participant.id() + " joins");
  }

  @Override
  public void onLeave(Room room, Participant participant, CloseStatus status) {
    calls.add("node " + node + ": " + participant.id() + " leaves");
  }
}
