package dev.roomful.undertow;

import dev.roomful.testkit.ProcessContract;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.GracefulShutdownHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import java.net.InetSocketAddress;

/**
 * A program with an Undertow of its own. At SIGTERM it stops the application, which drains the
 * chat, and then waits for its other requests.
 */
final class UndertowProgram {
  private UndertowProgram() {}

  public static void main(String[] arguments) throws Exception {
    DeploymentInfo app =
        Servlets.deployment()
            .setDeploymentName("app")
            .setContextPath("/")
            .setClassLoader(UndertowProgram.class.getClassLoader());
    UndertowChat.mount(ProcessContract.chat(), app, ProcessContract.PATH);
    DeploymentManager manager = Servlets.newContainer().addDeployment(app);
    manager.deploy();
    GracefulShutdownHandler graceful = new GracefulShutdownHandler(manager.start());
    Undertow server =
        Undertow.builder()
            .addHttpListener(0, "localhost")
            .setHandler(graceful)
            .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 2_000)
            .build();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    manager.stop();
                    graceful.shutdown();
                    graceful.awaitShutdown(2_000);
                    manager.undeploy();
                    server.stop();
                  } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                  }
                }));
    server.start();
    InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    ProcessContract.ready(address.getPort());
  }
}
