package dev.roomful.internal.room;

import dev.roomful.CloseStatus;
import dev.roomful.Outcome;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.admission.HistoryRange;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can be done with participants that have no connections to this node. */
public interface RemoteParticipants {
  Outcome rename(String id, String name);

  /** Changes an attribute, or removes it if the value is null. */
  void update(String id, String key, @Nullable Object value);

  int connections(String id);

  Set<Room> rooms(String id);

  Outcome send(String id, Payload payload);

  Outcome join(String id, String room, HistoryRange replay);

  Outcome leave(String id, String room);

  Outcome disconnect(String id, CloseStatus status);
}
