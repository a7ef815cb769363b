package dev.roomful.tomcat;

import dev.roomful.testkit.ProcessContract;
import java.nio.file.Files;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/**
 * A program with a Tomcat of its own. At SIGTERM it stops the application, which drains the chat,
 * and then the server.
 */
final class TomcatProgram {
  private TomcatProgram() {}

  public static void main(String[] arguments) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory("roomful-tomcat-program").toString());
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", null);
    TomcatChat.mount(ProcessContract.chat(), context, ProcessContract.PATH);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    context.stop();
                    tomcat.stop();
                  } catch (LifecycleException failure) {
                    throw new IllegalStateException(failure);
                  }
                }));
    tomcat.start();
    ProcessContract.ready(connector.getLocalPort());
  }
}
