package dev.roomful.centrifuge;

import java.util.List;
import java.util.Map;

/**
 * Each command in both forms. The bytes were written by protobufjs from the public schema,
 * independently of this module.
 */
record GoldenCommands(Command command, String json, String protobuf) {
  static List<GoldenCommands> all() {
    return List.of(
        golden(0, new ClientRequest.Pong(), "{}", "00"),
        golden(
            1,
            new ClientRequest.Connect(
                "t",
                RawData.of("{\"a\":1}"),
                Map.of("news", subscribe("news", "", true, "e", 7)),
                "js",
                "1",
                Map.of("h", "v")),
            """
            {"connect":{"token":"t","data":{"a":1},"subs":{"news":{"recover":true,"epoch":"e",\
            "offset":7}},"name":"js","version":"1","headers":{"h":"v"}},"id":1}""",
            "300801222c0a017412077b2261223a317d1a0f0a046e65777312071801320165380722026a732a013132"
                + "060a0168120176"),
        golden(
            2,
            new ClientRequest.Subscribe(
                "chat",
                "t",
                true,
                new StreamPosition(7, "e"),
                RawData.of("[1]"),
                true,
                true,
                true,
                true,
                0,
                false),
            """
            {"id":2,"subscribe":{"channel":"chat","token":"t","recover":true,"epoch":"e","offset":7,\
            "data":[1],"positioned":true,"recoverable":true,"join_leave":true,"flag":3}}""",
            "2108022a1d0a04636861741201741801320165380742035b315d4801500158017003"),
        golden(
            3,
            new ClientRequest.Unsubscribe("chat"),
            "{\"id\":3,\"unsubscribe\":{\"channel\":\"chat\"}}",
            "0a080332060a0463686174"),
        golden(
            4,
            new ClientRequest.Publish("chat", RawData.of("\"hi\""), 0),
            "{\"id\":4,\"publish\":{\"channel\":\"chat\",\"data\":\"hi\"}}",
            "1008043a0c0a0463686174120422686922"),
        golden(
            5,
            new ClientRequest.Presence("chat"),
            "{\"id\":5,\"presence\":{\"channel\":\"chat\"}}",
            "0a080542060a0463686174"),
        golden(
            6,
            new ClientRequest.PresenceStats("chat"),
            "{\"id\":6,\"presence_stats\":{\"channel\":\"chat\"}}",
            "0a08064a060a0463686174"),
        golden(
            7,
            new ClientRequest.History("chat", 10, new StreamPosition(3, "e"), true),
            """
            {"id":7,"history":{"channel":"chat","limit":10,"since":{"offset":3,"epoch":"e"},\
            "reverse":true}}""",
            "15080752110a0463686174380a420508031201654801"),
        golden(
            7,
            new ClientRequest.History("chat", -1, null, false),
            "{\"id\":7,\"history\":{\"channel\":\"chat\",\"limit\":-1}}",
            "15080752110a046368617438ffffffffffffffffff01"),
        golden(8, new ClientRequest.Ping(), "{\"id\":8,\"ping\":{}}", "0408085a00"),
        golden(
            0, new ClientRequest.Send(RawData.of("1")), "{\"send\":{\"data\":1}}", "0562030a0131"),
        golden(
            9,
            new ClientRequest.Rpc("m", RawData.of("[null]")),
            "{\"id\":9,\"rpc\":{\"method\":\"m\",\"data\":[null]}}",
            "0f08096a0b0a065b6e756c6c5d12016d"),
        golden(
            10,
            new ClientRequest.Refresh("t"),
            "{\"id\":10,\"refresh\":{\"token\":\"t\"}}",
            "07080a72030a0174"),
        golden(
            11,
            new ClientRequest.SubRefresh("chat", "t", 0),
            "{\"id\":11,\"sub_refresh\":{\"channel\":\"chat\",\"token\":\"t\"}}",
            "0d080b7a090a0463686174120174"));
  }

  static ClientRequest.Subscribe subscribe(
      String channel, String token, boolean recover, String epoch, long offset) {
    return new ClientRequest.Subscribe(
        channel,
        token,
        recover,
        new StreamPosition(offset, epoch),
        RawData.NONE,
        false,
        false,
        false,
        false,
        0,
        false);
  }

  private static GoldenCommands golden(
      long id, ClientRequest request, String json, String protobuf) {
    return new GoldenCommands(new Command(id, request), json, protobuf);
  }

  @Override
  public String toString() {
    return json;
  }
}
